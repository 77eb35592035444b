/** Characters as Unicode counts them: an emoji outside the basic plane is one, though two UTF-16 units long. */
export const characterCount = (text: string): number => Array.from(text).length;
