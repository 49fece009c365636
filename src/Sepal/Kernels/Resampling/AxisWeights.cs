namespace Sepal.Kernels.Resampling;

/// <summary>
/// For each position along an axis of the destination, which positions of the source it is a weighted sum of: a sparse matrix,
/// row by row.
/// </summary>
internal sealed class AxisWeights
{
    private AxisWeights(int sourceLength, int[] starts, int[] positions, float[] weights)
    {
        SourceLength = sourceLength;
        Starts = starts;
        Positions = positions;
        Weights = weights;
    }

    /// <summary>Positions along the source's axis.</summary>
    public int SourceLength { get; }

    /// <summary>Positions along the destination's axis.</summary>
    public int Length => Starts.Length - 1;

    /// <summary>Where each destination's terms begin, and, at the end, how many there are.</summary>
    public int[] Starts { get; }

    /// <summary>The source's position of each term.</summary>
    public int[] Positions { get; }

    /// <summary>The weight of each term.</summary>
    public float[] Weights { get; }

    /// <summary>Makes weights of the terms for each position.</summary>
    public static AxisWeights Of(int sourceLength, int length, Func<int, IEnumerable<(int Position, float Weight)>> terms)
    {
        var starts = new int[length + 1];
        var positions = new List<int>();
        var weights = new List<float>();
        for (int index = 0; index < length; index++)
        {
            foreach ((int position, float weight) in terms(index))
            {
                positions.Add(position);
                weights.Add(weight);
            }

            starts[index + 1] = positions.Count;
        }

        return new AxisWeights(sourceLength, starts, [.. positions], [.. weights]);
    }

    /// <summary>The weights of a copy: one term of weight 1, or none for a negative position.</summary>
    public static AxisWeights OfCopy(int sourceLength, int[] positions) =>
        Of(sourceLength, positions.Length, index => positions[index] < 0 ? [] : [(positions[index], 1f)]);

    /// <summary>What carries gradients back: the same weights from the destination to the source.</summary>
    public AxisWeights Transposed()
    {
        var starts = new int[SourceLength + 1];
        foreach (int position in Positions)
        {
            starts[position + 1]++;
        }

        for (int index = 0; index < SourceLength; index++)
        {
            starts[index + 1] += starts[index];
        }

        int[] next = starts[..^1];
        var positions = new int[Positions.Length];
        var weights = new float[Positions.Length];
        for (int index = 0; index < Length; index++)
        {
            for (int term = Starts[index]; term < Starts[index + 1]; term++)
            {
                int place = next[Positions[term]]++;
                positions[place] = index;
                weights[place] = Weights[term];
            }
        }

        return new AxisWeights(Length, starts, positions, weights);
    }
}
