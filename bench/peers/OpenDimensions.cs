using Sepal.Graphs;

namespace Sepal.Peers;

internal static class OpenDimensions
{
    /// <summary>What the open dimensions of an input are, by name, when it has a given shape.</summary>
    public static Dictionary<string, long> Of(Shape declared, ReadOnlySpan<long> shape)
    {
        var values = new Dictionary<string, long>();
        for (int axis = 0; axis < shape.Length; axis++)
        {
            if (!declared[axis].IsKnown)
            {
                values[declared[axis].ToString()] = shape[axis];
            }
        }

        return values;
    }
}
