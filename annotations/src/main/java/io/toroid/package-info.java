/**
 * What a model is written with: a class marked {@link io.toroid.Model}, whose {@link io.toroid.Entry} methods compute
 * with {@link io.toroid.Tensor}s.
 */
package io.toroid;
