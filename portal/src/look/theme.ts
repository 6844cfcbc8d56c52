// Ant Design in our colours. The same ones, for our own elements, are in look.css.
import { type ThemeConfig, theme } from "antd";

const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

export function themeOf(dark: boolean): ThemeConfig {
  return {
    algorithm: dark ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: {
      colorPrimary: dark ? "#6ea0ff" : "#1d4ed8",
      colorError: dark ? "#ff7875" : "#b42318",
      colorLink: dark ? "#8db4ff" : "#1d4ed8",
      colorBgBase: dark ? "#14171d" : "#ffffff",
      colorTextBase: dark ? "#e7eaf0" : "#1b2330",
      colorTextDescription: dark ? "#a3adbd" : "#566173",
      colorTextPlaceholder: dark ? "#939daf" : "#667085",
      ...(dark && {
        colorBgContainer: "#14171d",
        colorBgElevated: "#1d222b",
        colorBorder: "#3a4352",
        colorBorderSecondary: "#2c333f",
        colorFillAlter: "#1d222b",
      }),
      fontFamily: "var(--font)",
      borderRadius: 6,
      motion: !still,
      motionDurationMid: "0.1s",
      motionDurationSlow: "0.15s",
    },
  };
}
