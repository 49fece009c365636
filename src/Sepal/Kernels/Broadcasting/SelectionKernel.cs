namespace Sepal.Kernels.Broadcasting;

/// <summary>
/// Takes each element from one of two tensors, by a third of Booleans, all three repeated over a fourth. Elements are moved
/// as they are, so only their size matters. The layout's first operand is the condition.
/// </summary>
internal abstract unsafe class SelectionKernel(BroadcastLayout layout)
{
    protected BroadcastLayout Layout { get; } = layout;

    public static SelectionKernel Create(int elementBytes, BroadcastLayout layout) => elementBytes switch
    {
        8 => new Sized<ulong>(layout),
        4 => new Sized<uint>(layout),
        2 => new Sized<ushort>(layout),
        _ => new Sized<byte>(layout),
    };

    /// <summary>Writes some elements of the output.</summary>
    public abstract void Run(byte* condition, void* whenTrue, void* whenFalse, void* output, long from, long to);

    private sealed class Sized<T>(BroadcastLayout layout) : SelectionKernel(layout)
        where T : unmanaged
    {
        public override void Run(byte* condition, void* whenTrue, void* whenFalse, void* output, long from, long to)
        {
            long conditionStep = Layout.FirstStrides[^1];
            long trueStep = Layout.SecondStrides[^1];
            long falseStep = Layout.ThirdStrides[^1];
            var cursor = new BroadcastCursor(Layout, stackalloc long[Layout.Rank], from, to);
            for (; cursor.Length > 0; cursor.Advance())
            {
                byte* conditions = condition + cursor.First;
                T* a = (T*)whenTrue + cursor.Second;
                T* b = (T*)whenFalse + cursor.Third;
                T* result = (T*)output + cursor.Position;
                for (long index = 0; index < cursor.Length; index++)
                {
                    result[index] = conditions[index * conditionStep] != 0 ? a[index * trueStep] : b[index * falseStep];
                }
            }
        }
    }
}
