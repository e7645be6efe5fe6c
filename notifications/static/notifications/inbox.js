// The inbox's badge counts by itself: whoever has a page open sees that a patient has written.
(() => {
  const EVERY = 4000;
  const ADDRESS = "/admin/notifications/inboxitem/";
  const TITLE = document.title;

  const show = (unread) => {
    for (const link of document.querySelectorAll(`a[href="${ADDRESS}"]`)) {
      // Only the menu's entry has a count beside its name.
      const badge = link.querySelector("span.font-semibold");
      if (badge) badge.textContent = unread;
    }
    document.title = unread > 0 ? `(${unread}) ${TITLE}` : TITLE;
  };

  async function look() {
    try {
      const answer = await fetch(`${ADDRESS}unread/`, { redirect: "error" });
      // Signed out, or no longer a member of a clinic: nothing to count.
      if (!answer.ok) return;
      show((await answer.json()).unread);
    } catch {
      return;
    }
  }

  const again = async () => {
    if (!document.hidden) await look();
    setTimeout(again, EVERY);
  };

  document.addEventListener("DOMContentLoaded", () => {
    if (!document.querySelector(`a[href="${ADDRESS}"]`)) return;
    document.addEventListener("visibilitychange", () => document.hidden || look());
    setTimeout(again, EVERY);
  });
})();
