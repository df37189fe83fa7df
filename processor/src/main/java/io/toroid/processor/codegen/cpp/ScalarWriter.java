package io.toroid.processor.codegen.cpp;

import io.toroid.DType;
import io.toroid.processor.codegen.cpp.Scope.Value;
import io.toroid.processor.loop.BinaryOperation;
import io.toroid.processor.loop.Buffer;
import io.toroid.processor.loop.Layout;
import io.toroid.processor.loop.Scalar;
import io.toroid.processor.loop.UnaryOperation;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Writes scalars as C++ statements, each distinct one once. One variable of the loop nest may fill the lanes; what
 * depends on it is a vector, all else stays a single number until it meets a vector. Where lanes cannot be loaded
 * together, a lambda computes them one by one.
 */
final class ScalarWriter {

    /** How the current loop sees buffers: some are arrays of its own with another layout. */
    interface Memory {

        Layout layout(Buffer buffer);

        String pointer(Buffer buffer);

        /** The scope that reads of the buffer must not leave, if it is filled anew there. */
        Set<Scope> filledIn(Buffer buffer);
    }

    private final Memory memory;
    private final SizeWriter sizes;
    private final Symbol lane;
    private final int[] counter;
    private Scope scope;

    /** @param lane the variable that fills the lanes, or null if every value is a single number */
    ScalarWriter(Memory memory, SizeWriter sizes, Symbol lane, Scope scope, int[] counter) {
        this.memory = memory;
        this.sizes = sizes;
        this.lane = lane;
        this.scope = scope;
        this.counter = counter;
    }

    /** Continues in another scope. */
    void enter(Scope inner) {
        scope = inner;
    }

    Scope scope() {
        return scope;
    }

    // ---- results

    /** Writes what computes the scalar, and returns its value. */
    Value write(Scalar scalar) {
        return scope.find(scalar).orElseGet(() -> compute(scalar));
    }

    /** As {@link #write}, with one number in each lane. */
    String vector(Scalar scalar) {
        Value value = write(scalar);
        return value.isVector() ? value.name() : broadcast(scalar, value);
    }

    /** Stores the scalar; where all lanes would go to one place, the variable that fills them has the extent 1. */
    void store(Buffer target, List<Size> indices, Scalar scalar) {
        Size offset = memory.layout(target).offset(indices);
        String pointer = memory.pointer(target);
        if (!usesLane(offset)) {
            Value single = write(scalar);
            String text = single.isVector() ? single.name() + "[0]" : single.name();
            scope.text.line("%s[%s] = %s;".formatted(pointer, sizes.print(offset), text));
            return;
        }
        String value = vector(scalar);
        Optional<Size> step = offset.coefficientOf(lane);
        if (step.isPresent() && step.get().equals(Size.ONE)) {
            scope.text.line("%s.store(%s, count);".formatted(value, address(pointer, offset)));
        } else if (step.isPresent()) {
            scope.text.line("store_strided(%s, %s, %s, count);".formatted(
                    value, address(pointer, offset), sizes.print(step.get())));
        } else {
            scope.text.line("store_lanes(%s, %s, [&](int64_t l) { return %s; }, count);".formatted(
                    value, pointer, laneOffset(offset)));
        }
    }

    // ---- computation

    private Value compute(Scalar scalar) {
        return switch (scalar) {
            case Scalar.Literal literal -> new Value(CppTypes.literal(literal.dtype(), literal.value()), false, root());
            case Scalar.Index index -> index(index);
            case Scalar.Load load -> load(load);
            case Scalar.Gather gather -> gather(gather);
            case Scalar.Unary unary -> unary(unary);
            case Scalar.Binary binary -> binary(binary);
            case Scalar.Select select -> select(select);
            case Scalar.Guarded guarded -> guarded(guarded);
            case Scalar.Convert convert -> convert(convert);
        };
    }

    private Scope root() {
        return scope.home(Set.of(), Set.of());
    }

    private boolean usesLane(Size size) {
        return lane != null && size.symbols().contains(lane);
    }

    private Value index(Scalar.Index index) {
        Size value = index.value();
        if (!usesLane(value)) {
            return declare(index, "int64_t{" + sizes.print(value) + "}", false, value.symbols(), Set.of());
        }
        Optional<Size> step = value.coefficientOf(lane);
        String text = step.isPresent()
                ? "Vec<int64_t, L>::iota(%s, %s)".formatted(sizes.print(value), sizes.print(step.get()))
                : "Vec<int64_t, L>::lanes([&](int64_t l) -> int64_t { return %s; }, count)".formatted(laneOffset(value));
        return declare(index, text, true, value.symbols(), Set.of());
    }

    private Value load(Scalar.Load load) {
        Optional<Value> known = scope.find(load.buffer());
        if (known.isPresent()) {
            boolean isOneLane = known.get().isVector() && lane == null;
            return isOneLane ? new Value(known.get().name() + "[static_cast<int>(l)]", false, scope) : known.get();
        }
        Size offset = memory.layout(load.buffer()).offset(load.indices());
        String pointer = memory.pointer(load.buffer());
        return declare(load, loadText(load.dtype(), pointer, offset), usesLane(offset), offset.symbols(),
                memory.filledIn(load.buffer()));
    }

    private String loadText(DType dtype, String pointer, Size offset) {
        if (!usesLane(offset)) {
            return "%s[%s]".formatted(pointer, sizes.print(offset));
        }
        Optional<Size> step = offset.coefficientOf(lane);
        String vector = CppTypes.vector(dtype);
        if (step.isPresent() && step.get().equals(Size.ONE)) {
            return "%s::load(%s, count)".formatted(vector, address(pointer, offset));
        }
        if (step.isPresent()) {
            return "%s::strided(%s, %s, count)".formatted(vector, address(pointer, offset), sizes.print(step.get()));
        }
        return "%s::lanes([&](int64_t l) { return %s[%s]; }, count)".formatted(vector, pointer, laneOffset(offset));
    }

    /** Rows by index: an index is checked once where it is the same for all lanes, else lane by lane. */
    private Value gather(Scalar.Gather gather) {
        Layout layout = memory.layout(gather.buffer());
        Size offset = layout.offset(gather.indices());
        StringBuilder row = new StringBuilder();
        StringBuilder lanes = new StringBuilder();
        StringBuilder refusals = new StringBuilder();
        Set<Scope> scopes = new LinkedHashSet<>();
        for (Scalar.Gather.Lookup lookup : gather.lookups()) {
            Value index = write(lookup.index());
            String step = sizes.atom(layout.strides().get(lookup.axis()));
            if (index.isVector()) {
                String checked = checked(gather, lookup, index.name() + "[static_cast<int>(l)]");
                lanes.append(" + %s * %s".formatted(checked, step));
                refusals.append("static_cast<void>(%s), ".formatted(checked));
                scopes.add(index.scope());
            } else {
                Value checked = place(DType.I64, checked(gather, lookup, index.name()), false, Set.of(), Set.of(index.scope()));
                row.append(" + %s * %s".formatted(checked.name(), step));
                scopes.add(checked.scope());
            }
        }
        String pointer = memory.pointer(gather.buffer());
        String base = row.isEmpty() ? pointer : "(%s%s)".formatted(pointer, row);
        if (lanes.isEmpty() && !mayBeEmpty(gather)) {
            return declare(gather, loadText(gather.dtype(), base, offset), usesLane(offset), offset.symbols(), scopes);
        }
        boolean isVector = !lanes.isEmpty() || usesLane(offset);
        String element = "%s[%s%s]".formatted(base, isVector ? laneOffset(offset) : sizes.print(offset), lanes);
        if (mayBeEmpty(gather)) {
            String nothing = CppTypes.element(gather.dtype()) + "{}";
            element = "%s == 0 ? %s : %s".formatted(sizes.print(gather.buffer().shape().numel()),
                    refusals.isEmpty() ? nothing : "(%s%s)".formatted(refusals, nothing), element);
        }
        String text = isVector ? "%s::lanes([&](int64_t l) { return %s; }, count)".formatted(CppTypes.vector(gather.dtype()), element) : element;
        return declare(gather, text, isVector, offset.symbols(), scopes);
    }

    /** Then nothing can be read in place of what is out of range, but it is told all the same. */
    private static boolean mayBeEmpty(Scalar.Gather gather) {
        return gather.buffer().shape().sizes().stream().anyMatch(size -> size.range().min() <= 0);
    }

    private String checked(Scalar.Gather gather, Scalar.Gather.Lookup lookup, String index) {
        return "%s(call, %s, %s, {\"%s\", \"%s\", %d})".formatted(lookup.wraps() ? "wrapped_index" : "checked_index", index,
                sizes.print(gather.buffer().shape().get(lookup.axis())), gather.operator(), lookup.argument(), lookup.axis());
    }

    private Value unary(Scalar.Unary unary) {
        Value operand = write(unary.operand());
        UnaryOperation operation = unary.operation();
        String text = switch (operation) {
            case NEGATE -> operand.name().startsWith("-") ? operand.name().substring(1) : "-" + operand.name();
            case BITWISE_NOT -> "~" + operand.name();
            case NOT -> (operand.isVector() ? "~" : "!") + operand.name();
            default -> "%s(%s)".formatted(operation.function(), operand.name());
        };
        return declare(unary, text, operand.isVector(), Set.of(), Set.of(operand.scope()));
    }

    private Value binary(Scalar.Binary binary) {
        Value left = write(binary.left());
        Value right = write(binary.right());
        boolean isVector = left.isVector() || right.isVector();
        String a = isVector ? vector(binary.left()) : left.name();
        String b = isVector ? vector(binary.right()) : right.name();
        BinaryOperation operation = binary.operation();
        if (binary.mayDivideByZero()) {
            // here, not where the divisor is computed: a loop around this that never runs must not fail
            scope.text.line("check_divisor(call, %s, %s\"%s\");".formatted(
                    right.name(), right.isVector() ? "count, " : "", divisionName(operation)));
        }
        String text;
        if (!operation.isInfix()) {
            text = "%s(%s, %s)".formatted(operation.text(), a, b);
        } else if (binary.left().dtype() == DType.BOOL && operation.isComparison()) {
            text = booleanComparison(operation, a, b, isVector);
        } else {
            text = "%s %s %s".formatted(a, operation.text(), b);
        }
        return declare(binary, text, isVector, Set.of(), dependencies(left, right));
    }

    /** The operator that a message names. */
    private static String divisionName(BinaryOperation operation) {
        return operation == BinaryOperation.REMAINDER || operation == BinaryOperation.FMOD ? operation.text() : "div";
    }

    /** Masks have no order of their own. */
    private static String booleanComparison(BinaryOperation operation, String a, String b, boolean isVector) {
        String not = isVector ? "~" : "!";
        return switch (operation) {
            case EQUAL -> "%s(%s ^ %s)".formatted(not, a, b);
            case NOT_EQUAL -> "%s ^ %s".formatted(a, b);
            case LESS -> "%s%s & %s".formatted(not, a, b);
            case LESS_EQUAL -> "%s%s | %s".formatted(not, a, b);
            case GREATER -> "%s & %s%s".formatted(a, not, b);
            case GREATER_EQUAL -> "%s | %s%s".formatted(a, not, b);
            default -> throw new IllegalArgumentException("not a comparison: " + operation);
        };
    }

    private Value select(Scalar.Select select) {
        Value condition = write(select.condition());
        Value yes = write(select.yes());
        Value no = write(select.no());
        boolean isVector = condition.isVector() || yes.isVector() || no.isVector();
        String text = isVector
                ? "select(%s, %s, %s)".formatted(vector(select.condition()), vector(select.yes()), vector(select.no()))
                : "%s ? %s : %s".formatted(condition.name(), yes.name(), no.name());
        return declare(select, text, isVector, Set.of(), dependencies(condition, yes, no));
    }

    private Value convert(Scalar.Convert convert) {
        Value operand = write(convert.operand());
        String text;
        if (convert.dtype() == DType.BOOL) {
            text = "%s != %s".formatted(operand.name(), CppTypes.literal(convert.operand().dtype(), 0));
        } else if (convert.operand().dtype() == DType.BOOL && !operand.isVector()) {
            text = "static_cast<%s>(%s)".formatted(CppTypes.element(convert.dtype()), operand.name());
        } else {
            text = "convert<%s>(%s)".formatted(CppTypes.element(convert.dtype()), operand.name());
        }
        return declare(convert, text, operand.isVector(), Set.of(), Set.of(operand.scope()));
    }

    /**
     * The body must not run where a bound fails. If no bound depends on the lane, one branch decides for all lanes;
     * else each lane decides for itself.
     */
    private Value guarded(Scalar.Guarded guarded) {
        boolean differs = guarded.sizes().stream().anyMatch(size -> size.symbols().contains(lane));
        return differs ? guardedLanes(guarded) : guardedBranch(guarded);
    }

    private Value guardedBranch(Scalar.Guarded guarded) {
        String name = next();
        boolean isVector = lane != null;
        String type = isVector ? CppTypes.vector(guarded.dtype()) : CppTypes.element(guarded.dtype());
        String otherwise = CppTypes.literal(guarded.dtype(), guarded.otherwise().value());
        Scope outer = scope;
        scope = new Scope(outer, outer.text.depth() + 1, /* barrier= */ true);
        String body = isVector ? vector(guarded.body()) : write(guarded.body()).name();
        scope.text.line("%s = %s;".formatted(name, body));
        String inner = scope.text.toString();
        scope = outer;
        scope.text.line("%s %s = %s;".formatted(
                type, name, isVector ? "%s::broadcast(%s)".formatted(type, otherwise) : otherwise));
        scope.text.open("if (%s) {".formatted(condition(guarded.bounds(), sizes))).raw(inner).close("}");
        Value value = new Value(name, isVector, scope);
        scope.remember(guarded, value);
        return value;
    }

    private Value guardedLanes(Scalar.Guarded guarded) {
        String name = next();
        String type = CppTypes.vector(guarded.dtype());
        Symbol single = Symbol.variable(lane.name() + "_l", lane.below().orElseThrow());
        Map<Symbol, Size> here = Map.of(lane, single);
        List<Scalar.Guarded.Bound> bounds = guarded.bounds().stream().map(bound -> bound.substitute(here)).toList();
        Scope inner = new Scope(scope, scope.text.depth() + 1, /* barrier= */ true);
        inner.bind(single);
        ScalarWriter one = new ScalarWriter(memory, sizes, null, inner, counter);
        String body = one.write(guarded.body().substitute(here)).name();
        scope.text.open("const auto %s = %s::lanes([&](int64_t l) -> %s {".formatted(
                name, type, CppTypes.element(guarded.dtype())));
        scope.text.line("const int64_t %s = %s + l;".formatted(single.name(), lane.name()));
        scope.text.line("if (!(%s)) return %s;".formatted(
                condition(bounds, sizes), CppTypes.literal(guarded.dtype(), guarded.otherwise().value())));
        scope.text.raw(inner.text.toString());
        scope.text.line("return " + body + ";");
        scope.text.close("}, count);");
        Value value = new Value(name, true, scope);
        scope.remember(guarded, value);
        return value;
    }

    private static String condition(List<Scalar.Guarded.Bound> bounds, SizeWriter sizes) {
        StringBuilder text = new StringBuilder();
        for (Scalar.Guarded.Bound bound : bounds) {
            String index = sizes.print(bound.index());
            if (!text.isEmpty()) {
                text.append(" && ");
            }
            if (bound.index().range().min() < 0) {
                text.append(index).append(" >= 0 && ");
            }
            text.append(index).append(" < ").append(sizes.print(bound.limit()));
        }
        return text.toString();
    }

    // ---- names and places

    private static Set<Scope> dependencies(Value... values) {
        Set<Scope> scopes = new HashSet<>();
        for (Value value : values) {
            scopes.add(value.scope());
        }
        return scopes;
    }

    /** Declares the scalar's value where all that it depends on is known, once for all its occurrences. */
    private Value declare(Scalar scalar, String text, boolean isVector, Set<Symbol> symbols, Set<Scope> dependencies) {
        Value value = place(scalar.dtype(), text, isVector, symbols, dependencies);
        value.scope().remember(scalar, value);
        return value;
    }

    private Value place(DType dtype, String text, boolean isVector, Set<Symbol> symbols, Set<Scope> dependencies) {
        Scope home = scope.home(symbols, dependencies);
        String name = next();
        home.text.line("const %s %s = %s;".formatted(isVector ? "auto" : CppTypes.element(dtype), name, text));
        return new Value(name, isVector, home);
    }

    private String broadcast(Scalar scalar, Value value) {
        String known = value.scope().broadcasts().get(scalar);
        if (known != null) {
            return known;
        }
        String name = next();
        value.scope().text.line("const auto %s = %s::broadcast(%s);".formatted(
                name, CppTypes.vector(scalar.dtype()), value.name()));
        value.scope().broadcasts().put(scalar, name);
        return name;
    }

    private String next() {
        return "t" + counter[0]++;
    }

    private String address(String pointer, Size offset) {
        return offset.equals(Size.ZERO) ? pointer : pointer + " + " + sizes.print(offset);
    }

    /** The offset of lane {@code l}. */
    private String laneOffset(Size offset) {
        SizeWriter shifted = new SizeWriter(symbol -> symbol.equals(lane)
                ? "(" + lane.name() + " + l)" : sizes.print(symbol));
        return shifted.print(offset);
    }
}
