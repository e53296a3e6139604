import { Component, type ReactNode } from "react";

type Properties = { fallback: ReactNode; children: ReactNode };

/** One thing that cannot be drawn costs its own place, not the page. */
export class ErrorBoundary extends Component<Properties, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    return this.state.failed ? this.props.fallback : this.props.children;
  }
}
