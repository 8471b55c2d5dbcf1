// Puts Swagger UI into the page that @elysiajs/swagger serves; see src/http/docs.ts.
const style = document.createElement("link");
style.rel = "stylesheet";
style.href = "/swagger/ui.css";

const root = document.createElement("div");
document.body.append(root);

const script = document.createElement("script");
script.src = "/swagger/ui.js";
script.onload = () => window.SwaggerUIBundle({ url: "/swagger/json", domNode: root });

document.head.append(style, script);
