using Sepal.Graphs;

namespace Sepal.Shrinking;

/// <summary>The numbers of parameters and constants, with some of them left out.</summary>
internal static class ChannelNumbers
{
    /// <summary>Keeps some positions along an axis.</summary>
    /// <param name="elements">The elements, in storage order.</param>
    /// <param name="shape">Their shape, of numbers.</param>
    /// <param name="axis">The axis.</param>
    /// <param name="kept">Which positions along it.</param>
    /// <param name="size">How many entries of the array an element takes.</param>
    public static T[] Select<T>(T[] elements, Shape shape, int axis, int[] kept, int size = 1)
    {
        int count = (int)shape[axis].Value;
        int inner = size;
        for (int index = axis + 1; index < shape.Rank; index++)
        {
            inner *= (int)shape[index].Value;
        }

        int outer = elements.Length / Math.Max(count * inner, 1);
        var result = new T[outer * kept.Length * inner];
        for (int block = 0; block < outer; block++)
        {
            for (int index = 0; index < kept.Length; index++)
            {
                elements.AsSpan(((block * count) + kept[index]) * inner, inner).CopyTo(result.AsSpan(((block * kept.Length) + index) * inner));
            }
        }

        return result;
    }
}
