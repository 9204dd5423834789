import axios from "axios";

// pitlint-ignore-next-line timeout/http-call-without-timeout
export const first = () => axios.get("https://a.internal/");

// pitlint-ignore-next-line timeout/http-call-without-timout -- a typing error
export const second = () => axios.get("https://b.internal/");
