package io.toroid.processor.symbolic;

import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.matheclipse.core.expression.F;
import org.matheclipse.core.interfaces.IAST;
import org.matheclipse.core.interfaces.IExpr;
import org.matheclipse.core.interfaces.ISymbol;

/**
 * Sizes as symja's polynomials and back. Symbols, and the divisions, residues, minima and maxima whose rules symja does not
 * have, stand there as unknowns {@code toroid0}, {@code toroid1}, ... of this one question.
 */
final class SymjaTerms {
    private final Map<Size, ISymbol> unknowns = new HashMap<>();
    private final Map<ISymbol, Size> atoms = new HashMap<>();

    IExpr polynomial(Size size) {
        return switch (size) {
            case Size.Constant(long value) -> F.ZZ(value);
            case Size.Sum(List<Size> terms) -> F.Plus(polynomials(terms));
            case Size.Product(List<Size> factors) -> F.Times(polynomials(factors));
            case Symbol _, Size.FloorDiv _, Size.Mod _, Size.Min _, Size.Max _ -> unknown(size);
        };
    }

    private IExpr[] polynomials(List<Size> sizes) {
        return sizes.stream().map(this::polynomial).toArray(IExpr[]::new);
    }

    ISymbol unknown(Size atom) {
        return unknowns.computeIfAbsent(atom, key -> {
            ISymbol symbol = F.Dummy("toroid" + unknowns.size());
            atoms.put(symbol, key);
            return symbol;
        });
    }

    /** The size of a polynomial with integer coefficients; empty for anything else. */
    Optional<Size> size(IExpr expression) {
        if (expression.isInteger()) {
            long value = expression.toLongDefault(Long.MIN_VALUE);
            return value == Long.MIN_VALUE ? Optional.empty() : Optional.of(Size.of(value));
        }
        if (expression.isSymbol()) {
            return Optional.ofNullable(atoms.get(expression));
        }
        if (expression.isPower()) {
            return power(expression.base(), expression.exponent().toLongDefault(-1));
        }
        if (expression.isPlus() || expression.isTimes()) {
            return sizes((IAST) expression).map(operands -> expression.isPlus()
                    ? operands.stream().reduce(Size.ZERO, Size::plus)
                    : operands.stream().reduce(Size.ONE, Size::times));
        }
        return Optional.empty();
    }

    private Optional<Size> power(IExpr base, long exponent) {
        if (exponent < 0 || exponent > SymjaSolver.LARGEST_DEGREE) {
            return Optional.empty();
        }
        return size(base).map(factor -> {
            Size product = Size.ONE;
            for (long i = 0; i < exponent; i++) {
                product = product.times(factor);
            }
            return product;
        });
    }

    private Optional<List<Size>> sizes(IAST expressions) {
        List<Size> sizes = new ArrayList<>();
        for (IExpr expression : expressions) {
            Optional<Size> size = size(expression);
            if (size.isEmpty()) {
                return Optional.empty();
            }
            sizes.add(size.get());
        }
        return Optional.of(sizes);
    }
}
