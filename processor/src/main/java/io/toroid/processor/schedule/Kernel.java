package io.toroid.processor.schedule;

import io.toroid.processor.loop.Buffer;
import io.toroid.processor.loop.Layout;
import io.toroid.processor.loop.Loop;
import io.toroid.processor.loop.LoopProgram;
import io.toroid.processor.loop.ReductionOperation;
import io.toroid.processor.loop.Scalar;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One C++ function: what is computed together. */
public sealed interface Kernel {

    String name();

    Loop.Origins origins();

    /** Whether it only brings a template's operand into panels. */
    default boolean isPacking() {
        return this instanceof Single(String _, Loop.Pack _);
    }

    /** The buffers in memory that it reads. */
    Set<Buffer> inputs();

    /** The buffers in memory that it writes. */
    Set<Buffer> outputs();

    /**
     * A nest: for every value of the outer variables, the phases in turn.
     *
     * @param outer outermost first; the last may be the one whose values fill the lanes
     * @param lanes which variable fills the lanes of vectors
     * @param values buffers that exist only as a value between their computation and their reads
     * @param scratch buffers that exist only as a small array on the stack, one row at a time
     */
    record Nest(
            String name,
            List<Symbol> outer,
            List<Phase> phases,
            Lanes lanes,
            Set<Buffer> values,
            Map<Buffer, Layout> scratch,
            Loop.Origins origins) implements Kernel {
        public Nest {
            outer = List.copyOf(outer);
            phases = List.copyOf(phases);
            values = Set.copyOf(values);
            scratch = Map.copyOf(scratch);
        }

        @Override
        public Set<Buffer> inputs() {
            Set<Buffer> inputs = new LinkedHashSet<>();
            phases.forEach(phase -> phase.statements().forEach(statement -> Loop.loads(statement.scalar(), inputs)));
            inputs.removeAll(values);
            inputs.removeAll(scratch.keySet());
            inputs.removeAll(outputs());
            return inputs;
        }

        @Override
        public Set<Buffer> outputs() {
            Set<Buffer> outputs = new LinkedHashSet<>();
            phases.forEach(phase -> phase.statements().forEach(statement -> outputs.addAll(statement.targets())));
            outputs.removeAll(values);
            outputs.removeAll(scratch.keySet());
            return outputs;
        }
    }

    /** Which loop variable is vectorized. */
    enum Lanes {
        /** The innermost of each phase. */
        INNER,
        /** The last of the outer ones: each lane has a reduction of its own. */
        OUTER
    }

    /** Statements in one inner loop nest; a phase ends before the next begins. */
    record Phase(List<Symbol> inner, List<Statement> statements) {
        public Phase {
            inner = List.copyOf(inner);
            statements = List.copyOf(statements);
        }
    }

    /** What happens for each element of a phase. */
    sealed interface Statement {

        Scalar scalar();

        List<Buffer> targets();

        /** Stores an element. */
        record Assign(Loop.Store store) implements Statement {
            @Override
            public Scalar scalar() {
                return store.value();
            }

            @Override
            public List<Buffer> targets() {
                return List.of(store.target());
            }
        }

        /**
         * Adds an element to a reduction, whose result is stored when the phase ends.
         *
         * @param position of the element among the reduced ones, row-major
         */
        record Combine(
                ReductionOperation operation, Scalar scalar, Size position, List<Buffer> targets, List<Size> indices)
                implements Statement {
            public Combine {
                targets = List.copyOf(targets);
                indices = List.copyOf(indices);
            }
        }
    }

    /** A loop that is not merged with others. */
    sealed interface OfLoop extends Kernel {

        Loop loop();

        @Override
        default Loop.Origins origins() {
            return loop().origins();
        }

        @Override
        default Set<Buffer> inputs() {
            return loop().inputs();
        }

        @Override
        default Set<Buffer> outputs() {
            return new LinkedHashSet<>(loop().outputs());
        }
    }

    /**
     * A branch or a loop. It is no function, but a statement of the entry's own.
     *
     * @param sections of the loop's programs, in order
     * @param arena where the sections have their intermediates; only one section needs it at a time
     */
    record Control(String name, Loop loop, List<Section> sections, Optional<Buffer> arena) implements OfLoop {
        public Control {
            sections = List.copyOf(sections);
        }

        @Override
        public Set<Buffer> outputs() {
            Set<Buffer> outputs = OfLoop.super.outputs();
            arena.ifPresent(outputs::add);
            return outputs;
        }
    }

    /** A program within a branch or loop, and the places of its intermediates in the arena of that. */
    record Section(LoopProgram program, Schedule schedule, MemoryPlan plan) {
    }

    /** The value of a size that depends on data. It is no function, but a statement of the entry's own. */
    record SizeRead(String name, Loop.ReadSize loop) implements OfLoop {
    }

    /** A loop by itself: a template, the packing of an operand for one, or the call of an extern function. */
    record Single(String name, Loop loop) implements OfLoop {
    }
}
