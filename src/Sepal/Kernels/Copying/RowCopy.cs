namespace Sepal.Kernels.Copying;

/// <summary>Copies rows between places where they lie at different distances: concatenating, splitting, padding, cropping.</summary>
internal static unsafe class RowCopy
{
    /// <summary>Copies rows.</summary>
    /// <param name="source">The first row.</param>
    /// <param name="sourcePitch">Floats from one row of the source to the next.</param>
    /// <param name="destination">Where the first row goes.</param>
    /// <param name="destinationPitch">Floats from one row of the destination to the next.</param>
    /// <param name="length">Floats of a row.</param>
    /// <param name="rows">How many rows.</param>
    public static void Run(
        float* source, long sourcePitch, float* destination, long destinationPitch, long length, long rows)
    {
        long bytes = length * sizeof(float);
        for (long row = 0; row < rows; row++)
        {
            Buffer.MemoryCopy(source, destination, bytes, bytes);
            source += sourcePitch;
            destination += destinationPitch;
        }
    }
}
