// Without the theme's font files: every reader has a font, and it need not be fetched.
import DefaultTheme from "vitepress/theme-without-fonts";
import "./style.css";

export default DefaultTheme;
