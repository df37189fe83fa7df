package io.toroid.processor.loop;

import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.LinkedHashSet;
import java.util.Set;

/** The sizes depending on data that must have their values before a loop runs. */
public final class LoopSizes {

    private final Set<Symbol> found = new LinkedHashSet<>();

    private LoopSizes() {
    }

    /** Those that a loop mentions: in extents, in indices, in shapes of what it reads and writes, and in what it runs. */
    public static Set<Symbol> of(Loop loop) {
        LoopSizes sizes = new LoopSizes();
        sizes.collect(loop);
        return sizes.found;
    }

    /** Those that get their values in a program, at any depth. */
    public static Set<Symbol> read(LoopProgram program) {
        Set<Symbol> read = new LinkedHashSet<>();
        for (Loop loop : program.loops()) {
            if (loop instanceof Loop.ReadSize size) {
                read.add(size.size());
            }
            loop.programs().forEach(inner -> read.addAll(read(inner)));
        }
        return read;
    }

    private void collect(Loop loop) {
        loop.inputs().forEach(this::collect);
        loop.outputs().forEach(this::collect);
        Loop.variables(loop).forEach(variable -> variable.below().ifPresent(this::collect));
        switch (loop) {
            case Loop.Pointwise pointwise -> collect(pointwise.store());
            case Loop.Reduction reduction -> collect(reduction.body());
            case Loop.Template template -> {
                template.epilogue().stores().forEach(this::collect);
                template.scalars().forEach(this::collect);
            }
            case Loop.Extern extern -> extern.arguments().forEach(argument -> {
                if (argument instanceof Loop.Argument.Extent(Size size)) {
                    collect(size);
                }
            });
            case Loop.Branch _, Loop.Repeat _ -> loop.programs().forEach(program -> program.loops().forEach(this::collect));
            case Loop.ReadSize _, Loop.Pack _ -> { }
        }
        loop.programs().forEach(program -> found.removeAll(read(program)));
    }

    private void collect(Buffer buffer) {
        buffer.shape().sizes().forEach(this::collect);
    }

    private void collect(Loop.Store store) {
        store.indices().forEach(this::collect);
        collect(store.value());
    }

    private void collect(Scalar scalar) {
        scalar.forEach(node -> {
            switch (node) {
                case Scalar.Index index -> collect(index.value());
                case Scalar.Load load -> load.indices().forEach(this::collect);
                case Scalar.Gather gather -> gather.indices().forEach(this::collect);
                case Scalar.Guarded guarded -> guarded.bounds().forEach(bound -> {
                    collect(bound.index());
                    collect(bound.limit());
                });
                case Scalar.Literal _, Scalar.Unary _, Scalar.Binary _, Scalar.Select _, Scalar.Convert _ -> { }
            }
        });
    }

    private void collect(Size size) {
        size.symbols().stream().filter(Symbol::isData).forEach(found::add);
    }
}
