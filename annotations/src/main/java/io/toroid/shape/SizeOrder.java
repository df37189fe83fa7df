package io.toroid.shape;

import java.util.List;

/**
 * The total order of sizes that makes printed forms stable: symbols first, by name with numbers compared as numbers ({@code
 * d2} before {@code d10}), then the compound nodes by their operands.
 */
final class SizeOrder {
    private SizeOrder() {
    }

    static int compare(Size a, Size b) {
        if (a.equals(b)) {
            return 0;
        }
        if (a instanceof Symbol x && b instanceof Symbol y) {
            return compareSymbols(x, y);
        }
        if (a instanceof Size.Constant(long x) && b instanceof Size.Constant(long y)) {
            return Long.compare(x, y);
        }
        int byKind = Integer.compare(kind(a), kind(b));
        return byKind != 0 ? byKind : compareAll(a.operands(), b.operands());
    }

    static int compareAll(List<Size> a, List<Size> b) {
        int common = Math.min(a.size(), b.size());
        for (int i = 0; i < common; i++) {
            int result = compare(a.get(i), b.get(i));
            if (result != 0) {
                return result;
            }
        }
        return Integer.compare(a.size(), b.size());
    }

    private static int kind(Size size) {
        return switch (size) {
            case Symbol _ -> 0;
            case Size.FloorDiv _ -> 1;
            case Size.Mod _ -> 2;
            case Size.Min _ -> 3;
            case Size.Max _ -> 4;
            case Size.Product _ -> 5;
            case Size.Sum _ -> 6;
            case Size.Constant _ -> 7;
        };
    }

    /** Symbols of one name that differ (two loops, two environments) are told apart by identity: their texts are the same anyway. */
    private static int compareSymbols(Symbol a, Symbol b) {
        int byName = compareNames(a.name(), b.name());
        if (byName != 0) {
            return byName;
        }
        int byOwner = Integer.compare(a.owner().map(System::identityHashCode).orElse(0), b.owner().map(System::identityHashCode).orElse(0));
        return byOwner != 0 ? byOwner : Integer.compare(System.identityHashCode(a), System.identityHashCode(b));
    }

    static int compareNames(String a, String b) {
        int i = 0;
        int j = 0;
        while (i < a.length() && j < b.length()) {
            int endA = digitsEnd(a, i);
            int endB = digitsEnd(b, j);
            int result;
            if (endA > i && endB > j) {
                result = compareNumbers(a.substring(i, endA), b.substring(j, endB));
                i = endA;
                j = endB;
            } else {
                result = Character.compare(a.charAt(i++), b.charAt(j++));
            }
            if (result != 0) {
                return result;
            }
        }
        int byLength = Integer.compare(a.length() - i, b.length() - j);
        return byLength != 0 ? byLength : a.compareTo(b);
    }

    private static int compareNumbers(String a, String b) {
        String x = a.replaceFirst("^0+(?=.)", "");
        String y = b.replaceFirst("^0+(?=.)", "");
        return x.length() != y.length() ? Integer.compare(x.length(), y.length()) : x.compareTo(y);
    }

    private static int digitsEnd(String text, int start) {
        int end = start;
        while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
            end++;
        }
        return end;
    }
}
