import { getDocument, GlobalWorkerOptions, type PDFDocumentProxy } from "pdfjs-dist";
import { useEffect, useRef, useState } from "react";
import { useApp } from "../../app/context";
import { ChevronIcon, DownloadIcon } from "../../icons/icons";
import type { ShownProps } from "../Element";
import { Failed, Loading } from "../Failed";
import { PdfPage } from "./PdfPage";
import "./pdf.css";

function open(url: string) {
  GlobalWorkerOptions.workerPort ??= new Worker(new URL("./pdfWorker.ts", import.meta.url), { type: "module" });
  // Nothing in a document is run.
  return getDocument({ url, enableXfa: false, withCredentials: true });
}

/** A PDF, its pages below each other; `page` is where the reader begins. */
export default function PdfElement({ element, url, name }: ShownProps) {
  const [pdf, setPdf] = useState<PDFDocumentProxy | null>(null);
  const [failed, setFailed] = useState(false);

  useEffect(() => {
    const task = open(url);
    let stale = false;
    task.promise.then(
      (opened) => {
        if (!stale) setPdf(opened);
      },
      () => {
        if (!stale) setFailed(true);
      },
    );
    return () => {
      stale = true;
      setPdf(null);
      setFailed(false);
      void task.destroy();
    };
  }, [url]);

  if (failed) return <Failed name={name} url={url} />;
  if (pdf === null) return <Loading />;
  return <Pages pdf={pdf} name={name} url={url} first={Math.min(Math.max(1, Math.trunc(element.page ?? 1)), pdf.numPages)} />;
}

function goTo(scroller: HTMLElement | null, page: number): void {
  const target = scroller?.children[page - 1];
  if (scroller && target instanceof HTMLElement) scroller.scrollTop = target.offsetTop - scroller.offsetTop;
}

function Pages({ pdf, name, url, first }: { pdf: PDFDocumentProxy; name: string; url: string; first: number }) {
  const { t } = useApp();
  const frame = useRef<HTMLDivElement>(null);
  const [page, setPage] = useState(first);
  /** Height of a page through its width. */
  const [ratio, setRatio] = useState<number | null>(null);

  useEffect(() => {
    let stale = false;
    void pdf.getPage(1).then((one) => {
      const { width, height } = one.getViewport({ scale: 1 });
      if (!stale) setRatio(height / width);
    });
    return () => {
      stale = true;
    };
  }, [pdf]);

  // The page number follows the scrolling.
  const show = (wanted: number) => goTo(frame.current, wanted);
  // Pages have their height from the first moment on, so the wanted one can be gone to before it is drawn.
  useEffect(() => {
    if (ratio !== null && first > 1) goTo(frame.current, first);
  }, [ratio, first]);

  const look = () => {
    const scroller = frame.current;
    if (scroller === null) return;
    const middle = scroller.scrollTop + scroller.clientHeight / 2;
    const pages = [...scroller.children].filter((one): one is HTMLElement => one instanceof HTMLElement);
    const at = pages.findIndex((one) => one.offsetTop - scroller.offsetTop + one.offsetHeight > middle);
    setPage(at < 0 ? pdf.numPages : at + 1);
  };

  return (
    <section className="pdf" aria-label={name}>
      <header>
        <span className="pdf-name" dir="auto">
          {name}
        </span>
        <button
          type="button"
          className="icon-button small pdf-previous"
          aria-label={t("page.elements.previous")}
          disabled={page <= 1}
          onClick={() => show(page - 1)}
        >
          <ChevronIcon />
        </button>
        <span className="pdf-page" aria-live="polite">
          {t("page.elements.pageOf", { page, count: pdf.numPages })}
        </span>
        <button
          type="button"
          className="icon-button small"
          aria-label={t("page.elements.next")}
          disabled={page >= pdf.numPages}
          onClick={() => show(page + 1)}
        >
          <ChevronIcon />
        </button>
        <a className="icon-button small" href={url} download={name} aria-label={t("page.elements.download")}>
          <DownloadIcon />
        </a>
      </header>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to be reachable */}
      <div ref={frame} className="react-pdf__Document" role="group" aria-label={name} tabIndex={0} onScroll={look}>
        {ratio !== null &&
          Array.from({ length: pdf.numPages }, (_, at) => <PdfPage key={at} pdf={pdf} number={at + 1} ratio={ratio} />)}
      </div>
    </section>
  );
}
