namespace Sepal.Kernels.Copying;

/// <summary>Copies rows between places where they lie at different distances: concatenating, splitting, padding, cropping.</summary>
internal static unsafe class RowCopy
{
    /// <summary>Copies rows of bytes.</summary>
    /// <param name="source">The first row.</param>
    /// <param name="sourcePitch">Bytes from one row of the source to the next.</param>
    /// <param name="destination">Where the first row goes.</param>
    /// <param name="destinationPitch">Bytes from one row of the destination to the next.</param>
    /// <param name="length">Bytes of a row.</param>
    /// <param name="rows">How many rows.</param>
    public static void Run(
        byte* source, long sourcePitch, byte* destination, long destinationPitch, long length, long rows)
    {
        for (long row = 0; row < rows; row++)
        {
            Buffer.MemoryCopy(source, destination, length, length);
            source += sourcePitch;
            destination += destinationPitch;
        }
    }

    /// <summary>Copies rows of floats; lengths and pitches count floats.</summary>
    public static void Run(
        float* source, long sourcePitch, float* destination, long destinationPitch, long length, long rows) =>
        Run(
            (byte*)source,
            sourcePitch * sizeof(float),
            (byte*)destination,
            destinationPitch * sizeof(float),
            length * sizeof(float),
            rows);
}
