import { type PDFDocumentProxy, RenderingCancelledException, TextLayer } from "pdfjs-dist";
import { useEffect, useRef, useState } from "react";

type Props = { pdf: PDFDocumentProxy; number: number; ratio: number };

/** One page: a picture of it, and its text over the picture so that it can be read aloud, searched and copied. */
export function PdfPage({ pdf, number, ratio }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const [near, setNear] = useState(false);
  const [width, setWidth] = useState(0);

  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const sight = new IntersectionObserver((entries) => setNear(entries.some((entry) => entry.isIntersecting)), {
      rootMargin: "600px",
    });
    const size = new ResizeObserver(() => setWidth(element.clientWidth));
    sight.observe(element);
    size.observe(element);
    return () => {
      sight.disconnect();
      size.disconnect();
    };
  }, []);

  useEffect(() => {
    const element = place.current;
    if (!near || width === 0 || element === null) return;
    let stop = () => {};
    let stale = false;
    const draw = async () => {
      const page = await pdf.getPage(number);
      if (stale) return;
      const natural = page.getViewport({ scale: 1 });
      const viewport = page.getViewport({ scale: width / natural.width });
      const sharp = Math.min(window.devicePixelRatio || 1, 2);
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(viewport.width * sharp);
      canvas.height = Math.round(viewport.height * sharp);
      const text = document.createElement("div");
      text.className = "pdf-text";
      element.style.setProperty("--total-scale-factor", String(viewport.scale));
      const painting = page.render({ canvas, viewport, transform: [sharp, 0, 0, sharp, 0, 0] });
      const layer = new TextLayer({ textContentSource: page.streamTextContent(), container: text, viewport });
      stop = () => {
        painting.cancel();
        layer.cancel();
      };
      await painting.promise;
      if (stale) return;
      element.replaceChildren(canvas, text);
      await layer.render();
    };
    draw().catch((failure: unknown) => {
      if (!(failure instanceof RenderingCancelledException) && !stale) element.replaceChildren();
    });
    return () => {
      stale = true;
      stop();
      // A page that is out of sight gives its picture back.
      element.replaceChildren();
    };
  }, [pdf, number, near, width]);

  return <div ref={place} className="react-pdf__Page" data-page-number={number} style={{ aspectRatio: `1 / ${ratio}` }} />;
}
