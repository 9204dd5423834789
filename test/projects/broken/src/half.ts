import axios from "axios";

export const third = () => axios.get("https://c.internal/");

export function unfinished( {
