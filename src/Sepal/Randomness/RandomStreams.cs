namespace Sepal.Randomness;

/// <summary>
/// Which streams are for what: the upper 16 bits name the purpose, the rest count within it, so that no two uses of one
/// seed ever read the same numbers.
/// </summary>
internal static class RandomStreams
{
    /// <summary>Starting values of the parameter at a position in graph order.</summary>
    public static ulong Initializer(int parameter) => Of(1, (ulong)parameter);

    /// <summary>The order of the images in an epoch.</summary>
    public static ulong Shuffle(int epoch) => Of(2, (ulong)epoch);

    /// <summary>The mask of a dropout node (its position in the graph) in one training step.</summary>
    public static ulong Dropout(int node, long step) => Of(3, ((ulong)node << 32) + (ulong)step);

    /// <summary>What happens to an image in an epoch; epochs beyond 65,535 begin again.</summary>
    public static ulong Augmentation(int epoch, int example) => Of(4, ((ulong)(ushort)epoch << 32) + (uint)example);

    /// <summary>Which images of a class are held out for validation.</summary>
    public static ulong Split(int label) => Of(5, (ulong)label);

    /// <summary>Which positions of an image are looked at to correct a layer.</summary>
    public static ulong Positions(int layer, int image) => Of(6, ((ulong)(ushort)layer << 32) + (uint)image);

    private static ulong Of(ulong purpose, ulong index) => (purpose << 48) + index;
}
