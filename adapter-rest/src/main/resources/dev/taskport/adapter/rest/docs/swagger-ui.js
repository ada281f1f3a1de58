const docs = document.getElementById('docs');
SwaggerUIBundle({
  domNode: docs,
  url: new URL(docs.dataset.document, document.baseURI).href,
  deepLinking: true,
  displayRequestDuration: true,
  persistAuthorization: true,
  tryItOutEnabled: false,
  validatorUrl: null, // it would send the document to another host
});
