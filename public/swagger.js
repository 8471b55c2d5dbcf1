// Starts Swagger UI in the page that src/http/docs.ts serves.
// @ts-expect-error: a global of swagger/ui.js, which comes without types
window.SwaggerUIBundle({ url: "swagger/json", domNode: document.getElementById("api") });
