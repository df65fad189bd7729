#include "CInteropMessages.h"
