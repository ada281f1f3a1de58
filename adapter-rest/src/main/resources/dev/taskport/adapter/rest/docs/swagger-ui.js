const docs = document.getElementById('docs');

/** Shows what can go wrong as a line each, which a click unfolds. */
const foldedErrors = ({React}) => ({
  wrapComponents: {
    response: (Original) => (props) => {
      const [open, setOpen] = React.useState(!/^[45]/.test(props.code));
      if (open) return React.createElement(Original, props);
      return React.createElement('tr', {className: 'response', 'data-code': props.code},
        React.createElement('td', {className: 'response-col_status'}, props.code),
        React.createElement('td', {className: 'response-col_description'},
          React.createElement('button', {className: 'btn', onClick: () => setOpen(true)},
            props.response.get('description') + ' …')));
    },
  },
});

SwaggerUIBundle({
  domNode: docs,
  url: new URL(docs.dataset.document, document.baseURI).href,
  deepLinking: true,
  displayRequestDuration: true,
  persistAuthorization: true,
  tryItOutEnabled: false,
  plugins: [foldedErrors],
  validatorUrl: null, // it would send the document to another host
});
