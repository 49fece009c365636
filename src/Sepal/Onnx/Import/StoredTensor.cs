using System.Runtime.InteropServices;
using Sepal.Graphs;
using Sepal.Randomness;
using Sepal.Training.Initializers;

namespace Sepal.Onnx.Import;

/// <summary>
/// A weight of a file, read where the file's bytes lie whenever a parameter is filled, so that no other copy of it is kept.
/// </summary>
/// <param name="Data">The weight in the file's axis order, 32-bit floats.</param>
/// <param name="Order">Which axis of the file each axis of the parameter is, before it is given another shape.</param>
internal sealed record StoredTensor(TensorData Data, int[] Order) : Initializer
{
    /// <inheritdoc/>
    /// <exception cref="SepalException">The parameter has another number of elements: the file gives it another shape than its tensor.</exception>
    public override void Fill(Span<float> destination, Fans fans, RandomStream random)
    {
        if (Data.Length != destination.Length)
        {
            throw new SepalException(
                $"A parameter has {destination.Length} numbers, but its tensor in the file has {Data.Length}, {Data.Shape}. The file is damaged: export it again.");
        }

        AxisOrder.Permute(Data, Order, MemoryMarshal.AsBytes(destination));
    }
}
