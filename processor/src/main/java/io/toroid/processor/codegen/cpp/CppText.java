package io.toroid.processor.codegen.cpp;

/** C++ text, indented by its braces' depth. */
public final class CppText {

    private final StringBuilder text = new StringBuilder();
    private int depth;

    public CppText(int depth) {
        this.depth = depth;
    }

    /** One line. */
    public CppText line(String line) {
        text.append("  ".repeat(depth)).append(line).append('\n');
        return this;
    }

    public CppText blank() {
        text.append('\n');
        return this;
    }

    /** A line that ends with an opening brace; what follows is indented. */
    public CppText open(String line) {
        line(line);
        depth++;
        return this;
    }

    /** A line that begins with a closing brace. */
    public CppText close(String line) {
        depth--;
        return line(line);
    }

    /** What follows is indented once more. */
    public CppText indent() {
        depth++;
        return this;
    }

    /** Text that is indented already. */
    public CppText raw(String indented) {
        text.append(indented);
        return this;
    }

    public int depth() {
        return depth;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
