using System.Numerics;
using Sepal.Graphs;

namespace Sepal.Kernels.Broadcasting;

/// <summary>A function of two numbers of any type.</summary>
internal interface IElementBinaryFunction
{
    static abstract T Apply<T>(T left, T right)
        where T : unmanaged, INumber<T>;
}

/// <summary>A condition on two numbers of any type.</summary>
internal interface IElementCondition
{
    static abstract bool Holds<T>(T left, T right)
        where T : unmanaged, INumber<T>;
}

/// <summary>Applies a function of two numbers of any type to two tensors that are repeated over a third.</summary>
internal abstract unsafe class ElementBroadcastKernel(BroadcastLayout layout)
{
    protected BroadcastLayout Layout { get; } = layout;

    /// <summary>A kernel whose results have the operands' type.</summary>
    public static ElementBroadcastKernel Of<TFunction>(ElementType type, BroadcastLayout layout)
        where TFunction : struct, IElementBinaryFunction =>
        ElementDispatch.Create<FunctionFactory<TFunction>, ElementBroadcastKernel>(type, new FunctionFactory<TFunction>(layout));

    /// <summary>A kernel whose results are Booleans.</summary>
    public static ElementBroadcastKernel Condition<TCondition>(ElementType type, BroadcastLayout layout)
        where TCondition : struct, IElementCondition =>
        ElementDispatch.Create<ConditionFactory<TCondition>, ElementBroadcastKernel>(type, new ConditionFactory<TCondition>(layout));

    /// <summary>Writes some elements of the output.</summary>
    public abstract void Run(void* left, void* right, void* output, long from, long to);

    private readonly struct FunctionFactory<TFunction>(BroadcastLayout layout) : IElementFactory<ElementBroadcastKernel>
        where TFunction : struct, IElementBinaryFunction
    {
        public ElementBroadcastKernel Create<T>()
            where T : unmanaged, INumber<T> => new FunctionKernel<T, TFunction>(layout);
    }

    private readonly struct ConditionFactory<TCondition>(BroadcastLayout layout) : IElementFactory<ElementBroadcastKernel>
        where TCondition : struct, IElementCondition
    {
        public ElementBroadcastKernel Create<T>()
            where T : unmanaged, INumber<T> => new ConditionKernel<T, TCondition>(layout);
    }

    private sealed class FunctionKernel<T, TFunction>(BroadcastLayout layout) : ElementBroadcastKernel(layout)
        where T : unmanaged, INumber<T>
        where TFunction : struct, IElementBinaryFunction
    {
        public override void Run(void* left, void* right, void* output, long from, long to)
        {
            long leftStep = Layout.FirstStrides[^1];
            long rightStep = Layout.SecondStrides[^1];
            var cursor = new BroadcastCursor(Layout, stackalloc long[Layout.Rank], from, to);
            for (; cursor.Length > 0; cursor.Advance())
            {
                T* a = (T*)left + cursor.First;
                T* b = (T*)right + cursor.Second;
                T* result = (T*)output + cursor.Position;
                for (long index = 0; index < cursor.Length; index++)
                {
                    result[index] = TFunction.Apply(a[index * leftStep], b[index * rightStep]);
                }
            }
        }
    }

    private sealed class ConditionKernel<T, TCondition>(BroadcastLayout layout) : ElementBroadcastKernel(layout)
        where T : unmanaged, INumber<T>
        where TCondition : struct, IElementCondition
    {
        public override void Run(void* left, void* right, void* output, long from, long to)
        {
            long leftStep = Layout.FirstStrides[^1];
            long rightStep = Layout.SecondStrides[^1];
            var cursor = new BroadcastCursor(Layout, stackalloc long[Layout.Rank], from, to);
            for (; cursor.Length > 0; cursor.Advance())
            {
                T* a = (T*)left + cursor.First;
                T* b = (T*)right + cursor.Second;
                byte* result = (byte*)output + cursor.Position;
                for (long index = 0; index < cursor.Length; index++)
                {
                    result[index] = TCondition.Holds(a[index * leftStep], b[index * rightStep]) ? (byte)1 : (byte)0;
                }
            }
        }
    }
}
