const docs = document.getElementById('docs');
document.body.style.margin = 0;
const fonts = 'system-ui, sans-serif';
Redoc.init(
  new URL(docs.dataset.document, document.baseURI).href,
  {
    disableSearch: true, // its index is built by a script from a blob, which the page's policy forbids
    theme: {typography: {fontFamily: fonts, headings: {fontFamily: fonts}}},
  },
  docs,
);
