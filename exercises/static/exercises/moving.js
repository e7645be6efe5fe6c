// The drawing of an exercise that moves with what is counted. It is a file of ours whose own animation
// leads in REACH seconds from the first pose to the last, and as many back; here its time is set by hand.

const REACH = 2;
const still = matchMedia("(prefers-reduced-motion: reduce)");
let picture = null;
let wanted = "";

// Puts the drawing into `place`. Where it is not to move, or does not come, the still one stays.
export async function load(place, address, alt) {
  drop(place);
  if (!address || still.matches) return false;
  wanted = address;
  try {
    const text = await (await fetch(address)).text();
    const root = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
    if (wanted !== address || root.nodeName !== "svg") return false;
    picture = document.importNode(root, true);
    picture.setAttribute("aria-label", alt);
    place.replaceChildren(picture);
    picture.pauseAnimations();
    return true;
  } catch { return false; } // no network
}

export function drop(place) { picture = null; wanted = ""; place.replaceChildren(); }

// Where it is in a movement: `ran` seconds of it are over, of `seconds` (0: as long as it takes).
export function pose(way, ran, seconds) {
  const share = seconds ? Math.min(1, ran / seconds) : 0;
  const places = {
    there: REACH * share,
    back: REACH * (1 - share),
    reach: Math.min(ran, REACH),
    far: REACH,
    near: 0,
    home: Math.max(0, REACH - ran),
    loop: ran % (2 * REACH),
  };
  return places[way];
}

export function move(way, ran, seconds) { picture?.setCurrentTime(pose(way, ran, seconds)); }
