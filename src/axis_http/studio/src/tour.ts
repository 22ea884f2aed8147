// The API tour: every operation of the served document, to read and to try.

import SwaggerUI from "swagger-ui-dist/swagger-ui-es-bundle.js";
import { settings } from "./api";

SwaggerUI({
  dom_id: "#app",
  url: `${settings.prefix}/openapi.json`,
  docExpansion: "list",
  filter: true,
  validatorUrl: null,
  tryItOutEnabled: true,
  onComplete: () => (document.documentElement.dataset.state = "ready"),
});
