// Starts Swagger UI in the page that src/http/swagger.ts serves, in the theme that the system asks for.

const dark = matchMedia("(prefers-color-scheme: dark)");

function followTheme() {
  document.documentElement.classList.toggle("dark-mode", dark.matches);
}

/** Swagger UI's title is below the page's own, and its introduction is outside of its main landmark. */
function completeOutline() {
  document.querySelector("#api .info .title")?.setAttribute("aria-level", "2");
  const introduction = document.querySelector("#api .information-container");
  introduction?.setAttribute("role", "region");
  introduction?.setAttribute("aria-label", "Introduction");
}

followTheme();
dark.addEventListener("change", followTheme);
window.SwaggerUIBundle({
  url: "swagger/json",
  domNode: document.getElementById("api"),
  onComplete: completeOutline,
});
