package io.toroid.processor.codegen.cpp;

import io.toroid.processor.loop.Buffer;
import io.toroid.processor.loop.Scalar;
import io.toroid.shape.Symbol;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A block of generated code: the variables it binds, and the values computed in it so far. A value is put into the
 * outermost scope that binds all it depends on, so what does not change in an inner loop is computed outside it.
 */
final class Scope {

    private final Scope parent;
    private final Set<Symbol> bound = new HashSet<>();
    private final Map<Scalar, Value> values = new HashMap<>();
    private final Map<Scalar, String> broadcasts = new HashMap<>();
    private final Map<Buffer, Value> buffers = new HashMap<>();
    private final boolean barrier;
    final CppText text;

    /** @param barrier nothing is moved out of it, because it does not always run */
    Scope(Scope parent, int depth, boolean barrier) {
        this.parent = parent;
        this.barrier = barrier;
        this.text = new CppText(depth);
    }

    void bind(Symbol variable) {
        bound.add(variable);
    }

    /** The outermost scope in which code that uses the given variables and values may stand. */
    Scope home(Set<Symbol> variables, Set<Scope> dependencies) {
        Scope scope = this;
        while (scope.parent != null && !scope.barrier && !dependencies.contains(scope)
                && variables.stream().noneMatch(scope.bound::contains)) {
            scope = scope.parent;
        }
        return scope;
    }

    Optional<Value> find(Scalar scalar) {
        for (Scope scope = this; scope != null; scope = scope.parent) {
            Value value = scope.values.get(scalar);
            if (value != null) {
                return Optional.of(value);
            }
        }
        return Optional.empty();
    }

    void remember(Scalar scalar, Value value) {
        values.put(scalar, value);
    }

    Optional<Value> find(Buffer buffer) {
        for (Scope scope = this; scope != null; scope = scope.parent) {
            Value value = scope.buffers.get(buffer);
            if (value != null) {
                return Optional.of(value);
            }
        }
        return Optional.empty();
    }

    /** A buffer's element at the current variables is this value. */
    void define(Buffer buffer, Value value) {
        buffers.put(buffer, value);
    }

    Map<Scalar, String> broadcasts() {
        return broadcasts;
    }

    /**
     * A computed value.
     *
     * @param name the C++ variable or literal
     * @param isVector has lanes; else it is the same for all of them
     * @param scope where it is computed
     */
    record Value(String name, boolean isVector, Scope scope) {
    }
}
