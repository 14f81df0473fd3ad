import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** Where `npm run dev` finds a running Chainlit server. */
const backend = process.env["CHAINLIT_BACKEND"] ?? "http://127.0.0.1:8000";

/** Everything that the server answers and the page does not. */
const served = [
  "/project",
  "/auth",
  "/login",
  "/logout",
  "/user",
  "/feedback",
  "/set-session-cookie",
  "/public",
  "/logo",
  "/favicon",
  "/avatars",
];

/** An application's style sheet comes after ours, so that it wins without force. */
const customCssLast: Plugin = {
  name: "custom-css-last",
  transformIndexHtml: {
    order: "post",
    handler(html) {
      const placeholder = "<!-- CSS INJECTION PLACEHOLDER -->";
      return html
        .replace(placeholder, "")
        .replace("</head>", `  ${placeholder}\n  </head>`)
        .replace(/ crossorigin(?= )/g, "")
        .replace(/^\s+\n/gm, "");
    },
  },
};

/** KaTeX names each font in three formats; every browser that the page supports takes the first. */
const fontsOnce: Plugin = {
  name: "fonts-once",
  enforce: "pre",
  transform(code, id) {
    if (!id.includes("katex.min.css")) return null;
    return code.replace(/,url\([^)]+\) format\("(?:woff|truetype)"\)/g, "");
  },
};

export default defineConfig({
  plugins: [react(), customCssLast, fontsOnce],
  // The server prefixes `href="/` and `src="/` of index.html with its root path. Everything that is loaded later is
  // found relative to the file that asks for it, so the scripts need to know nothing of the root path.
  experimental: {
    renderBuiltUrl: (filename, { hostType }) => (hostType === "html" ? `/${filename}` : { relative: true }),
  },
  build: {
    target: "es2022",
    sourcemap: false,
    // A data: font or script would need a wider content security policy.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        // What the first load and the parts that come later share is one file, not one for each.
        codeSplitting: { groups: [{ name: "base", test: /node_modules\/(react|react-dom|scheduler)\/|components\/(icons\/icons|app\/context)/ }] },
      },
    },
  },
  server: {
    host: "127.0.0.1",
    proxy: {
      "/ws": { target: backend, ws: true, changeOrigin: true },
      ...Object.fromEntries(served.map((path) => [path, { target: backend, changeOrigin: true }])),
    },
  },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.{ts,tsx}"],
  },
});
