namespace Sepal.Costs;

/// <summary>
/// Bytes that a model's numbers take when stored. A file's names and structure are some kilobytes more.
/// </summary>
/// <param name="Float32">With every parameter in 32 bits.</param>
/// <param name="Float16">With every parameter in 16 bits.</param>
/// <param name="Int8">
/// With the kernels of convolutions, dense layers and matrix products in 8 bits, and a 32-bit scale an output channel; biases,
/// normalisation and all other parameters in 32 bits.
/// </param>
public sealed record DiskSize(long Float32, long Float16, long Int8);
