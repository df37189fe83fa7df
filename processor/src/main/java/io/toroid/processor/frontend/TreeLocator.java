package io.toroid.processor.frontend;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.StatementTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TaskEvent;
import com.sun.source.util.TaskListener;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import io.toroid.SourcePosition;
import io.toroid.processor.diagnostic.Place;
import java.util.Optional;
import javax.annotation.processing.ProcessingEnvironment;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.Elements;
import javax.tools.Diagnostic;

/** Finds the expression that a line of a stack trace speaks of, in the trees of the surrounding compilation. */
final class TreeLocator {

    private final Trees trees;
    private final Elements elements;

    private TreeLocator(Trees trees, Elements elements) {
        this.trees = trees;
        this.elements = elements;
    }

    /** Empty if the compiler has no trees or hides them. */
    static Optional<TreeLocator> of(ProcessingEnvironment environment) {
        try {
            return Optional.of(new TreeLocator(Trees.instance(environment), environment.getElementUtils()));
        } catch (IllegalArgumentException | LinkageError _) {
            return Optional.empty();
        }
    }

    /** Runs an action when the class gets its class file, which means that the compiler has found no errors. */
    static void whenCompiled(ProcessingEnvironment environment, String className, Runnable action) {
        try {
            JavacTask.instance(environment).addTaskListener(new TaskListener() {
                @Override
                public void started(TaskEvent event) {
                    boolean it = event.getKind() == TaskEvent.Kind.GENERATE
                            && event.getTypeElement().getQualifiedName().contentEquals(className);
                    if (it) {
                        action.run();
                    }
                }
            });
        } catch (IllegalArgumentException | LinkageError _) {
            // such a compiler finds out about errors by itself
        }
    }

    /** A tree to show a message at. */
    record Found(Trees trees, CompilationUnitTree unit, Tree tree) {

        /** Distinguishes places. */
        String position() {
            return unit.getSourceFile().getName() + ":" + trees.getSourcePositions().getStartPosition(unit, tree);
        }

        void print(String message) {
            trees.printMessage(Diagnostic.Kind.ERROR, message, tree, unit);
        }
    }

    /** The expression on the innermost of the lines whose source is being compiled. */
    Optional<Found> find(Place.Line line) {
        String method = line.method();
        for (SourcePosition position : line.positions()) {
            Optional<Found> found = find(position, method);
            if (found.isPresent()) {
                return found;
            }
            method = position.methodName();
        }
        return Optional.empty();
    }

    private Optional<Found> find(SourcePosition position, String method) {
        Optional<TypeElement> type = Compilation.find(elements, position.className());
        TreePath path = type.map(trees::getPath).orElse(null);
        if (path == null || !position.isKnown()) {
            return Optional.empty();
        }
        CompilationUnitTree unit = path.getCompilationUnit();
        LineScanner scanner = new LineScanner(unit, trees.getSourcePositions(), position.line(), method);
        scanner.scan(unit, null);
        return Optional.ofNullable(scanner.best()).map(tree -> new Found(trees, unit, tree));
    }

    /**
     * Looks for the call of a method on a line; if there are several, which of them it was cannot be told, so for the statement
     * that they are in; failing that, for any call there; failing that, for a statement.
     */
    private static final class LineScanner extends TreeScanner<Void, Void> {

        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final int line;
        private final String method;
        private Tree named;
        private int namesakes;
        private Tree call;
        private Tree statement;

        LineScanner(CompilationUnitTree unit, SourcePositions positions, int line, String method) {
            this.unit = unit;
            this.positions = positions;
            this.line = line;
            this.method = method;
        }

        Tree best() {
            if (namesakes > 1 && statement != null) {
                return statement;
            }
            return named != null ? named : call != null ? call : statement;
        }

        @Override
        public Void visitMethodInvocation(MethodInvocationTree node, Void nothing) {
            super.visitMethodInvocation(node, nothing);
            ExpressionTree select = node.getMethodSelect();
            if (lineOf(positions.getEndPosition(unit, select)) == line) {
                offer(select, nameOf(select));
            }
            return null;
        }

        @Override
        public Void visitNewClass(NewClassTree node, Void nothing) {
            super.visitNewClass(node, nothing);
            if (lineOf(positions.getStartPosition(unit, node)) == line) {
                offer(node, "<init>");
            }
            return null;
        }

        @Override
        public Void scan(Tree node, Void nothing) {
            boolean candidate = node instanceof StatementTree || node instanceof VariableTree;
            if (candidate && statement == null && lineOf(positions.getStartPosition(unit, node)) == line) {
                statement = node;
            }
            return super.scan(node, nothing);
        }

        private void offer(Tree node, String name) {
            if (name.equals(method)) {
                named = named == null ? node : named;
                namesakes++;
            }
            if (call == null) {
                call = node;
            }
        }

        private static String nameOf(ExpressionTree select) {
            return switch (select) {
                case MemberSelectTree member -> member.getIdentifier().toString();
                case IdentifierTree identifier -> identifier.getName().toString();
                default -> "";
            };
        }

        private long lineOf(long position) {
            return position < 0 ? -1 : unit.getLineMap().getLineNumber(position);
        }
    }
}
