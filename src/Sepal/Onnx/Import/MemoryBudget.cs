
namespace Sepal.Onnx.Import;

/// <summary>Counts the bytes of weights and constants, so that a file cannot ask for more than the caller allows.</summary>
internal sealed class MemoryBudget(long limit)
{
    private long _taken;

    /// <summary>Takes bytes that will be allocated next.</summary>
    /// <exception cref="SepalException">They would be more than the limit.</exception>
    public void Take(long bytes)
    {
        if (bytes > limit - _taken)
        {
            throw new SepalException(
                $"The model's weights and constants take more than the limit of {limit:N0} bytes ({_taken:N0} so far, and {bytes:N0} more). "
                + "Raise ImportOptions.MemoryLimit if the file is to be trusted.");
        }

        _taken += bytes;
    }
}
