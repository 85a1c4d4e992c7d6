/* SPDX-License-Identifier: GPL-3.0-or-later */
"use strict";

/* Plays a recording that stands in the page as text: each piece of output appears at its time. */
function player(figure) {
  const pieces = [...figure.querySelectorAll("[data-at]:not(button)")];
  const chapters = [...figure.querySelectorAll("button[data-at]")];
  const screen = figure.querySelector(".terminal");
  const caption = figure.querySelector(".caption");
  const play = figure.querySelector(".play");
  const slider = figure.querySelector("input");
  const time = figure.querySelector(".time");
  const end = Number(slider.max);
  const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
  let now = 0;
  let before = 0;
  let frame = 0;

  function show(seconds) {
    now = Math.min(seconds, end);
    for (const piece of pieces) piece.hidden = Number(piece.dataset.at) > now;
    const chapter = chapters.filter((one) => Number(one.dataset.at) <= now).pop() ?? chapters[0];
    for (const one of chapters) one.setAttribute("aria-current", String(one === chapter));
    caption.textContent = chapter.textContent;
    slider.value = String(now);
    slider.setAttribute("aria-valuetext", clock(now));
    time.textContent = `${clock(now)} / ${clock(end)}`;
    screen.scrollTop = screen.scrollHeight;
  }

  function step(moment) {
    show(now + (moment - before) / 1000);
    before = moment;
    if (now < end) frame = requestAnimationFrame(step);
    else stop();
  }

  function stop() {
    cancelAnimationFrame(frame);
    frame = 0;
    play.textContent = play.dataset.play;
  }

  function start() {
    if (now >= end) show(0);
    before = performance.now();
    frame = requestAnimationFrame(step);
    play.textContent = play.dataset.pause;
  }

  play.addEventListener("click", () => (frame ? stop() : start()));
  slider.addEventListener("input", () => show(Number(slider.value)));
  for (const chapter of chapters) chapter.addEventListener("click", () => show(Number(chapter.dataset.at) + 0.01));
  figure.classList.add("playable");
  show(Number((chapters[1] ?? chapters[0]).dataset.at));
}

document.addEventListener("DOMContentLoaded", () => {
  for (const figure of document.querySelectorAll(".recording")) player(figure);
});
