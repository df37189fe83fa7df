package io.toroid.processor.diagnostic;

import java.util.List;

/** Ends the compilation of a model: its problems are the user's to mend, and they are all that is shown. */
public final class ProblemException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    public ProblemException(List<Problem> problems) {
        super(problems.isEmpty() ? "" : problems.getFirst().message());
        this.problems = List.copyOf(problems);
    }

    public ProblemException(Diagnostic diagnostic, Object... arguments) {
        this(List.of(Problem.of(diagnostic, arguments)));
    }

    public List<Problem> problems() {
        return problems;
    }
}
