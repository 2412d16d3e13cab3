import { type RefObject, useEffect, useLayoutEffect, useRef } from "react";

interface FollowOptions {
  readonly scroller: RefObject<HTMLElement | null>;
  readonly count: number;
  readonly isFollowing: boolean;
  readonly onFollow: (isFollowing: boolean) => void;
}

/** So far from its end a log is still looked at there: browsers round. */
const nearPixels = 24;

/** Keeps the end in view while it is followed. Who scrolls up stops that; who scrolls to the end goes on. */
export function useFollow({ scroller, count, isFollowing, onFollow }: FollowOptions): void {
  const lastTop = useRef(0);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null || !isFollowing) return;
    element.scrollTop = element.scrollHeight;
    lastTop.current = element.scrollTop;
  }, [scroller, count, isFollowing]);
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const look = () => {
      const isUp = element.scrollTop < lastTop.current - 1;
      const isAtEnd = element.scrollHeight - element.scrollTop - element.clientHeight <= nearPixels;
      lastTop.current = element.scrollTop;
      if (isUp && !isAtEnd) onFollow(false);
      else if (isAtEnd) onFollow(true);
    };
    element.addEventListener("scroll", look, { passive: true });
    return () => element.removeEventListener("scroll", look);
  }, [scroller, onFollow]);
}
