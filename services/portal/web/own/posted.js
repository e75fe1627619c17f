// The page is the answer to a form that was refused. Browsers keep no such page: after a link and Back they would show
// an error instead of it. So the entry in their history becomes the address alone, which leads to the page above it.
history.replaceState(null, "", location.href);
