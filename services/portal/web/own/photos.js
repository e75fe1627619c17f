// Photos are made smaller before they are sent. What the phone wrote beside them, the place, goes along apart.
const SIDE = 1600;
const WANTED = 200000; // bytes
const QUALITIES = [0.8, 0.65, 0.5, 0.4];
const HEAD = 131072; // bytes in which a photo says where it was taken

async function smaller(file) {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  let made = null;
  for (const quality of QUALITIES) {
    made = await new Promise((done) => { canvas.toBlob(done, "image/jpeg", quality); });
    if (made && made.size <= WANTED) { break; }
  }
  return made && made.size < file.size ? new File([made], "photo.jpg", { type: "image/jpeg" }) : file;
}

// The segment of a JPEG that holds it, as the service reads it; nothing of another kind of file.
async function besideOf(file) {
  const bytes = new Uint8Array(await file.slice(0, HEAD).arrayBuffer());
  let at = 2;
  while (bytes[0] === 0xff && bytes[1] === 0xd8 && at + 10 < bytes.length && bytes[at] === 0xff && bytes[at + 1] !== 0xda) {
    const length = bytes[at + 2] * 256 + bytes[at + 3];
    const name = String.fromCharCode(...bytes.slice(at + 4, at + 8));
    if (bytes[at + 1] === 0xe1 && name === "Exif") { return bytes.slice(at + 4, at + 2 + length); }
    at += 2 + length;
  }
  return new Uint8Array();
}

async function prepare(form) {
  const photos = new DataTransfer();
  const beside = new DataTransfer();
  for (const file of form.elements.photo.files) {
    photos.items.add(await smaller(file).catch(() => file)); // what is no picture the service names
    beside.items.add(new File([await besideOf(file)], "beside"));
  }
  form.elements.photo.files = photos.files;
  form.elements.beside.files = beside.files;
}

for (const form of document.querySelectorAll("[data-photos]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    if (button.disabled) { return; }
    button.disabled = true;
    await prepare(form).catch(() => null); // sent as they are
    form.submit();
  });
}
