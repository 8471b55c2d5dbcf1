// Starts Swagger UI in the page that src/http/docs.ts serves.

window.SwaggerUIBundle({ url: "swagger/json", domNode: document.getElementById("api") });
