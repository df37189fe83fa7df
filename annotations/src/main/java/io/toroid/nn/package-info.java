/**
 * Layers with PyTorch's names, parameters and defaults, for inference. A layer of one's own is any class that holds
 * tensors and other layers in its fields; implementing {@link io.toroid.nn.Layer} lets it stand in a
 * {@link io.toroid.nn.Sequential}.
 */
package io.toroid.nn;
