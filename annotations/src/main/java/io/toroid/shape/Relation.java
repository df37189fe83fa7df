package io.toroid.shape;

/** How the two sides of a {@link Check} must stand to each other. */
public enum Relation {
    EQUAL("=="),
    NOT_EQUAL("!="),
    LESS("<"),
    LESS_OR_EQUAL("<=");

    private final String text;

    Relation(String text) {
        this.text = text;
    }

    public boolean holds(long left, long right) {
        return switch (this) {
            case EQUAL -> left == right;
            case NOT_EQUAL -> left != right;
            case LESS -> left < right;
            case LESS_OR_EQUAL -> left <= right;
        };
    }

    /** The operator as C, Java and Python write it. */
    @Override
    public String toString() {
        return text;
    }
}
