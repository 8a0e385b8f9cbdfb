// An invitation's link has its secret in the fragment, which no browser sends
// and no log keeps. It is put into the form and out of the address.
const secret = location.hash.slice(1);
const form = document.querySelector("form");
if (secret && form) {
  history.replaceState(null, "", location.pathname);
  form.elements.code.value = secret;
  form.requestSubmit();
}
