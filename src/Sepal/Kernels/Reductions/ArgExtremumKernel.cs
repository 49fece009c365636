using System.Numerics;
using Sepal.Graphs;

namespace Sepal.Kernels.Reductions;

/// <summary>Finds where along an axis the largest or smallest element lies. A NaN is neither, unless it comes first.</summary>
/// <param name="layout">The axis.</param>
/// <param name="largest">Whether the largest is wanted.</param>
/// <param name="last">Whether of equal ones the last is.</param>
internal abstract unsafe class ArgExtremumKernel(AxisLayout layout, bool largest, bool last)
{
    protected AxisLayout Layout { get; } = layout;

    protected bool Largest { get; } = largest;

    protected bool Last { get; } = last;

    public static ArgExtremumKernel Create(ElementType type, AxisLayout layout, bool largest, bool last) =>
        ElementDispatch.Create<Factory, ArgExtremumKernel>(type, new Factory(layout, largest, last));

    /// <summary>Finds the positions of some lines.</summary>
    public abstract void Run(void* input, long* positions, long from, long to);

    private readonly struct Factory(AxisLayout layout, bool largest, bool last) : IElementFactory<ArgExtremumKernel>
    {
        public ArgExtremumKernel Create<T>()
            where T : unmanaged, INumber<T> => new Typed<T>(layout, largest, last);
    }

    private sealed class Typed<T>(AxisLayout layout, bool largest, bool last) : ArgExtremumKernel(layout, largest, last)
        where T : unmanaged, INumber<T>
    {
        public override void Run(void* input, long* positions, long from, long to)
        {
            for (long line = from; line < to; line++)
            {
                T* element = (T*)input + Layout.Start(line, Layout.Length);
                T best = *element;
                long position = 0;
                for (long index = 1; index < Layout.Length; index++)
                {
                    element += Layout.Inner;
                    T value = *element;
                    if ((Largest ? value > best : value < best) || (Last && value == best))
                    {
                        best = value;
                        position = index;
                    }
                }

                positions[line] = position;
            }
        }
    }
}
