package io.toroid.shape;

/**
 * What gives a size that depends on data its value while the model runs: a tensor of one integer. This package only keeps it
 * with the {@link Symbol}, for whoever has to compute it.
 */
public interface SizeSource {
}
