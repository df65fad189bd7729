#include "CPunosMessages.h"
