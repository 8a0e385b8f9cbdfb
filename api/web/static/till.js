// The code travels behind the #, which the browser sends to nobody. It is taken
// out of the address at once, so that neither history nor a bookmark keeps it.
const code = decodeURIComponent(location.hash.slice(1));
if (code) {
  history.replaceState(null, "", location.pathname + location.search);
  const field = document.getElementById("code");
  field.value = code;
  field.form.querySelector("button").focus();
}
