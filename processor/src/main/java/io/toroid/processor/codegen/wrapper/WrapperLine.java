package io.toroid.processor.codegen.wrapper;

import io.toroid.processor.codegen.cpp.KernelCall;
import io.toroid.processor.loop.Buffer;
import io.toroid.processor.schedule.KernelWork;
import io.toroid.shape.Relation;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.List;

/**
 * One step of a generated wrapper function. A list of these is built first and printed afterwards, so that what
 * depends on the whole function (the arena, say) is known before a character is written.
 */
public sealed interface WrapperLine {

    /** Text for the reader. */
    record Comment(String text) implements WrapperLine {
    }

    /** Reads a symbol from an input's size: {@code size = scale * symbol + shift} along an axis. */
    record BindSymbol(Symbol symbol, int input, int axis, long scale, Size shift) implements WrapperLine {
    }

    /** Reads a symbol from an input that is a number. */
    record BindValue(Symbol symbol, int input) implements WrapperLine {
    }

    /** Refuses the call unless an input that is a number lies in this range and is such a multiple. */
    record ExpectValue(int input, long min, long max, long multiple) implements WrapperLine {
    }

    /** Refuses the call unless an input that is a number has the value that another input gave the symbol. */
    record ExpectSame(int input, Symbol symbol) implements WrapperLine {
    }

    /** Refuses the call unless an input's size has this value. */
    record ExpectSize(int input, int axis, Size size) implements WrapperLine {
    }

    /** Refuses the call unless an input's size lies in this range and is such a multiple. */
    record ExpectRange(int input, int axis, long min, long max) implements WrapperLine {
    }

    /** Refuses the call unless an input's size is {@code shift} more than such a multiple. */
    record ExpectMultiple(int input, int axis, long multiple, long shift) implements WrapperLine {
    }

    /** Refuses the call unless a relation of sizes holds, which the compiler had to assume. */
    record ExpectRelation(Size left, Relation relation, Size right, String why, String where) implements WrapperLine {
    }

    /** Describes an output. */
    record SetOutput(int output, List<Size> sizes) implements WrapperLine {
        public SetOutput {
            sizes = List.copyOf(sizes);
        }
    }

    /** The memory of an input, of an output, of a constant, or of a constant that is being folded. */
    record Bind(Buffer buffer, Source source, long index) implements WrapperLine {

        /** Where the memory comes from; the index of a state is its place in bytes. */
        public enum Source {
            INPUT, UPDATED_INPUT, STATE, OUTPUT, CONSTANT, FOLDED
        }
    }

    /** A buffer that takes over the memory of another one. */
    record Reuse(Buffer buffer, Buffer base) implements WrapperLine {
    }

    /** Copies what was computed in the arena into the memory that it updates. */
    record Update(Buffer target, Buffer value) implements WrapperLine {
    }

    /** Copies a contiguous copy of an input back to where its elements lie. */
    record WriteBack(int input) implements WrapperLine {
    }

    /** Takes the arena for the intermediates. */
    record Arena(Size bytes) implements WrapperLine {
    }

    /** An intermediate's place in the arena. */
    record Place(Buffer buffer, Size offset) implements WrapperLine {
    }

    /** A branch. */
    record If(Buffer predicate, List<WrapperLine> ifTrue, List<WrapperLine> ifFalse) implements WrapperLine {
        public If {
            ifTrue = List.copyOf(ifTrue);
            ifFalse = List.copyOf(ifFalse);
        }
    }

    /**
     * Repeats the condition and the body until the condition leaves zero in the predicate. After each round the pointers to what is carried
     * change places with those to what the body has filled; at the end they are as before, and what is carried is copied if it lies elsewhere.
     */
    record While(List<WrapperLine> condition, Buffer predicate, List<WrapperLine> body, List<Buffer> carried, List<Buffer> next)
            implements WrapperLine {
        public While {
            condition = List.copyOf(condition);
            body = List.copyOf(body);
            carried = List.copyOf(carried);
            next = List.copyOf(next);
        }
    }

    /** Ends the call if a kernel has reported a failure: a loop might never end on what that has left. */
    record StopIfFailed() implements WrapperLine {
    }

    /** An intermediate's place within another buffer, or within the arena of a size. */
    record PlaceWithin(String arena, Buffer buffer, Size offset) implements WrapperLine {
    }

    /** Reads a size that depends on data from the memory of its value. */
    record ReadSize(Symbol size, Buffer value, String origin) implements WrapperLine {
    }

    /** Takes another arena, for intermediates whose sizes are known now. */
    record LaterArena(String name, int number, Size bytes) implements WrapperLine {
    }

    /** The memory of an output whose sizes are known now: the caller's, or memory of its own. */
    record LaterOutput(Buffer buffer, int index) implements WrapperLine {
    }

    /** Runs a kernel. */
    record CallKernel(KernelCall call) implements WrapperLine {
    }

    /** Records the call of an entry, by its number, until the function ends; the number after the last entry's is of the function that folds constants. */
    record ProfileCall(int entry) implements WrapperLine {
    }

    /** Runs a kernel and records it. */
    record ProfileKernel(int site, KernelWork work, KernelCall call) implements WrapperLine {
    }

    /** Prints the name of a kernel. */
    record PrintKernel(int site) implements WrapperLine {
    }

    /** When a value is looked at. */
    enum Moment {
        BEFORE, AFTER
    }

    /**
     * Prints or saves what a kernel reads or has written.
     *
     * @param name what it is called
     */
    record Look(int site, Moment moment, String name, Buffer buffer, boolean saves) implements WrapperLine {
    }

    /**
     * Ends the call if an element is not finite.
     *
     * @param site of the kernel that has written it; negative for an input
     * @param name what the message calls it
     * @param refused kinds of such elements
     */
    record ExpectFinite(int site, String name, Buffer buffer, List<String> refused) implements WrapperLine {
        public ExpectFinite {
            refused = List.copyOf(refused);
        }
    }

    /** What folds constants, if one of these rows of the table is to be computed. */
    record Fold(List<Integer> constants, List<WrapperLine> lines) implements WrapperLine {
    }

    /** Ends the function; a failure that a kernel reported ends it badly. */
    record Finish(boolean kernelsReport) implements WrapperLine {
    }
}
