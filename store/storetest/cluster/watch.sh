# Runs a private PostgreSQL until standard input ends, then stops it and removes
# its folder. Arguments: the folder of the binaries, the folder, the settings.
bin=$1 dir=$2
shift 2
trap 'cd / && rm -rf "$dir"' EXIT

"$bin/initdb" --pgdata="$dir/data" --username=postgres --auth=trust \
	--encoding=UTF8 --locale=C --no-sync --no-instructions || exit 1

exec 3<&0
"$bin/postgres" -D "$dir/data" "$@" 3<&- &
server=$!
(
	trap - EXIT
	read -r _ <&3
	kill -QUIT "$server"
) &
wait "$server"
